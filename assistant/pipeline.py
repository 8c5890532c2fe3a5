"""The same assistant as llama-index components: embedding, vector store, retriever and query engine.

Classes without logic of their own over the functions that the command line calls, so that anything built on llama-index
can use them, and so that both ways give the same answers. llama-index is imported here and for language models only;
its global Settings are never touched.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.schema import BaseNode, NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryResult,
)

from assistant.answering.plan import Plan
from assistant.assistant import Assistant
from assistant.language.text import readable
from assistant.models.embedders import Embedder
from assistant.stores.dense import DenseIndex
from assistant.types import Answer, Done, Event, Hit, Language, Retrieved, Scope, Timing, Turn


@dataclass
class Question(QueryBundle):
    """A query with the conversation before it, the language wanted for its answer, how it is gone about, and the reports
    that it is put to."""

    history: tuple[Turn, ...] = ()
    answer_language: Language | None = None
    plan: Plan | None = None
    scope: Scope | None = None


class BilingualEmbedding(BaseEmbedding):
    """Our embedder as a llama-index embedding; unit vectors."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **kwargs: Any) -> None:
        super().__init__(model_name=embedder.name, **kwargs)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embedder.embed_queries([query])[0].tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed_passages(texts).tolist()


class PassageVectorStore(BasePydanticVectorStore):
    """Our FAISS index as a llama-index vector store, with what llama-index's own lacks: deleting and replacing."""

    stores_text: bool = False
    is_embedding_query: bool = True
    _index: DenseIndex = PrivateAttr()
    _owners: dict[str, str] = PrivateAttr(default_factory=dict)

    def __init__(self, index: DenseIndex, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._index = index
        self._owners = {passage_id: passage_id.partition(":")[0] for passage_id in index.passage_ids}

    @property
    def client(self) -> DenseIndex:
        """The index itself."""
        return self._index

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Add or replace nodes that carry embeddings; returns their ids."""
        if nodes:
            vectors = np.array([node.get_embedding() for node in nodes], dtype=np.float32)
            self._index.add([node.node_id for node in nodes], vectors)
        self._owners.update({node.node_id: node.ref_doc_id or node.node_id.partition(":")[0] for node in nodes})
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Delete every node of a report."""
        self.delete_nodes([node_id for node_id, owner in self._owners.items() if owner == ref_doc_id])

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **delete_kwargs: Any
    ) -> None:
        """Delete nodes by id; metadata filters are not known here and are refused."""
        _refuse(filters)
        self._index.remove(node_ids or [])
        for node_id in node_ids or []:
            self._owners.pop(node_id, None)

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """The nearest nodes, within `node_ids` and `doc_ids` where these are given."""
        _refuse(query.filters)
        vector = np.array(query.query_embedding, dtype=np.float32)
        is_narrowed = query.node_ids is not None or query.doc_ids is not None
        is_wanted = partial(self._is_wanted, query) if is_narrowed else None
        found = self._index.search(vector, query.similarity_top_k, is_wanted)
        return VectorStoreQueryResult(ids=[node_id for node_id, _ in found], similarities=[score for _, score in found])

    def _is_wanted(self, query: VectorStoreQuery, node_id: str) -> bool:
        by_id = query.node_ids is None or node_id in query.node_ids
        return by_id and (query.doc_ids is None or self._owners.get(node_id) in query.doc_ids)


class PassageNode(TextNode):
    """A passage as a node; the hit rides along and is never serialised."""

    hit: Any = Field(default=None, exclude=True, repr=False)


class ReportRetriever(BaseRetriever):
    """Our hybrid search as a llama-index retriever; a question with a plan is searched for in all its parts.

    Without `k` it gives as many passages as a question is answered from.
    """

    def __init__(self, assistant: Assistant, k: int | None = None) -> None:
        self._assistant = assistant
        self._k = k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        plan: Plan | None = getattr(query_bundle, "plan", None)
        if plan is not None:
            hits = self._assistant.find(plan, self._k)
        else:
            query = self._assistant.understand(query_bundle.query_str, *_setting(query_bundle))
            hits = self._assistant.search(query, self._k) if self._k else self._assistant.evidence(query)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


class AnswerEngine(BaseQueryEngine):
    """Our answers as a llama-index query engine: `response.metadata["answer"]` is the Answer with its citations."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._retriever = ReportRetriever(assistant)
        super().__init__(callback_manager=None)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        answer_language: Language | None = None,
        scope: Scope | None = None,
    ) -> Iterator[Event]:
        """The same events as `Assistant.stream`, retrieved and answered through this pipeline."""
        asked = Question(question, history=tuple(history), answer_language=answer_language, scope=scope)
        yield from self._events(asked)

    def _events(self, bundle: QueryBundle) -> Iterator[Event]:
        started = time.perf_counter()
        plan = self._assistant.plan(bundle.query_str, *_setting(bundle))
        nodes = self._retriever.retrieve(Question(bundle.query_str, plan=plan))
        hits = tuple(node.node.hit for node in nodes if isinstance(node.node, PassageNode))
        seconds = Timing("search", round(time.perf_counter() - started, 4))
        yield Retrieved(hits)
        yield from self._assistant.answer(plan, hits, getattr(bundle, "answer_language", None), (seconds,))

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = next(event.answer for event in self._events(query_bundle) if isinstance(event, Done))
        return Response(answer.text, source_nodes=_cited_nodes(answer), metadata={"answer": answer})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def _setting(bundle: QueryBundle) -> tuple[tuple[Turn, ...], Scope | None]:
    """The conversation before a question and its scope; none for a plain one."""
    return getattr(bundle, "history", ()), getattr(bundle, "scope", None)


def _cited_nodes(answer: Answer) -> list[NodeWithScore]:
    """Each cited passage once; rows and sections that were cited without having been found score 0."""
    found = {hit.passage.passage_id: hit for hit in answer.hits}
    unfound = (Hit(one.passage, one.report, len(found) + 1, 0.0, ()) for one in answer.citations)
    cited = {one.passage.passage_id: found.get(one.passage.passage_id, one) for one in unfound}
    return [NodeWithScore(node=_node(hit), score=hit.score) for hit in cited.values()]


def _node(hit: Hit) -> PassageNode:
    passage = hit.passage
    return PassageNode(
        id_=passage.passage_id,
        text=readable(passage),
        extra_info={
            "path": str(hit.report.path),
            "title": hit.report.title,
            "page": passage.page,
            "section": passage.section,
            "row": passage.row,
        },
        start_char_idx=passage.anchor.start,
        end_char_idx=passage.anchor.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.anchor.report_id)},
        hit=hit,
    )


def _refuse(filters: MetadataFilters | None) -> None:
    if filters is not None and filters.filters:
        raise ValueError("metadata filters are not supported; narrow by node_ids or doc_ids")
