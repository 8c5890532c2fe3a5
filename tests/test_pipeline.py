"""The same assistant in llama-index's terms: equal answers, a store that can delete, our embedding and retriever."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import NodeRelationship, QueryBundle, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import MetadataFilter, MetadataFilters, VectorStoreQuery

from assistant.language.text import readable
from assistant.models.embedders import BUNDLED, load
from assistant.pipeline import AnswerEngine, BilingualEmbedding, PassageVectorStore, Question, ReportRetriever
from assistant.stores.dense import DenseIndex
from assistant.types import Answer, Done, Language, Retrieved, Status, Token, Turn
from tests.conftest import QUESTIONS, Shipped, history_of, vectors

BMW = "BMWとモメンタは何を共同開発しますか"
EAST, NORTH, BETWEEN = [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]


def without_timings(answer: Answer) -> tuple[object, ...]:
    return tuple(getattr(answer, name) for name in Answer.__slots__ if name != "timings")


@pytest.fixture(scope="module")
def engine(shipped: Shipped) -> AnswerEngine:
    return AnswerEngine(shipped.assistant)


@pytest.mark.parametrize("item", QUESTIONS, ids=lambda item: item["id"])
def test_both_ways_give_the_same_answer(
    item: dict[str, Any], answer_to: Callable[[dict[str, Any]], Answer], engine: AnswerEngine
) -> None:
    response = engine.query(Question(item["question"], history=history_of(item)))
    assert isinstance(response, Response)
    answer = (response.metadata or {})["answer"]
    assert without_timings(answer) == without_timings(answer_to(item))
    assert response.response == answer.text
    cited = {citation.passage.passage_id for citation in answer.citations}
    assert {node.node.node_id for node in response.source_nodes} == cited


def test_the_engine_streams_the_same_events(shipped: Shipped, engine: AnswerEngine) -> None:
    ours, theirs = list(shipped.assistant.stream(BMW)), list(engine.stream(BMW))
    assert [type(event) for event in theirs] == [type(event) for event in ours]
    assert theirs[:-1] == ours[:-1]
    assert isinstance(theirs[0], Retrieved) and isinstance(theirs[1], Token) and isinstance(theirs[-1], Done)


def test_the_engine_takes_a_plain_question_a_history_and_a_language(engine: AnswerEngine) -> None:
    assert (engine.query(BMW).metadata or {})["answer"].citations[0].row == "1-2"
    history = (Turn("user", "ヒルトンと滴滴出行は何を公表しましたか"), Turn("assistant", "会員制度をつなぎます。"))
    *_, followed = engine.stream("それはいつですか", history=history)
    assert isinstance(followed, Done) and followed.answer.citations[0].row == "4-1"
    *_, abstained = engine.stream("源氏物語の作者は誰ですか", answer_language=Language.EN)
    assert isinstance(abstained, Done)
    assert abstained.answer.status is Status.ABSTAINED
    assert abstained.answer.text.splitlines()[0] == "The reports do not say."


def test_the_retriever_gives_our_hits_as_nodes_in_order(shipped: Shipped) -> None:
    hits = shipped.assistant.evidence(shipped.assistant.understand(BMW))
    nodes = ReportRetriever(shipped.assistant).retrieve(BMW)
    assert [node.score for node in nodes] == [hit.score for hit in hits]
    for node, hit in zip(nodes, hits, strict=True):
        inner = node.node
        assert isinstance(inner, TextNode)
        assert (inner.node_id, inner.ref_doc_id) == (hit.passage.passage_id, hit.passage.anchor.report_id)
        assert (inner.start_char_idx, inner.end_char_idx) == (hit.passage.anchor.start, hit.passage.anchor.end)
        assert inner.text == readable(hit.passage)
        assert inner.metadata["path"] == str(hit.report.path) and inner.metadata["row"] == hit.passage.row


def test_the_retriever_s_k_and_a_bundle_without_history(shipped: Shipped) -> None:
    assert len(ReportRetriever(shipped.assistant, k=3).retrieve(QueryBundle(BMW))) == 3


def test_a_node_does_not_serialise_its_hit(shipped: Shipped) -> None:
    (node,) = ReportRetriever(shipped.assistant, k=1).retrieve(BMW)
    assert "hit" not in json.loads(node.node.to_json())


def test_the_embedding_gives_our_vectors_for_questions_and_passages() -> None:
    embedding, embedder = BilingualEmbedding(load(BUNDLED)), load(BUNDLED)
    assert embedding.model_name == "bilingual"
    assert embedding.get_query_embedding("電池") == embedder.embed_queries(["電池"])[0].tolist()
    batch = embedding.get_text_embedding_batch(["電池の工場", "a plant"])
    assert batch == embedder.embed_passages(["電池の工場", "a plant"]).tolist()
    assert embedding.get_text_embedding("電池の工場") == batch[0]
    assert [round(float(np.linalg.norm(vector)), 5) for vector in batch] == [1.0, 1.0]


def node(node_id: str, vector: list[float], report: str) -> TextNode:
    source = {NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report)}
    return TextNode(id_=node_id, text=node_id, embedding=vector, relationships=source)


@pytest.fixture
def store() -> PassageVectorStore:
    made = PassageVectorStore(DenseIndex(2))
    made.add([node("a:0-1", EAST, "a"), node("a:1-2", BETWEEN, "a"), node("b:0-1", NORTH, "b")])
    return made


def nearest(store: PassageVectorStore, vector: list[float], k: int = 5, **more: Any) -> list[str]:
    result = store.query(VectorStoreQuery(query_embedding=vector, similarity_top_k=k, **more))
    return list(result.ids or [])


def test_the_store_finds_the_nearest_with_their_similarities(store: PassageVectorStore) -> None:
    result = store.query(VectorStoreQuery(query_embedding=NORTH, similarity_top_k=2))
    assert result.ids == ["b:0-1", "a:1-2"]
    assert result.similarities == [1.0, pytest.approx(0.8, abs=1e-6)]


def test_the_store_deletes_a_report_with_all_its_nodes(store: PassageVectorStore) -> None:
    store.delete("a")
    assert nearest(store, [0.7, 0.7]) == ["b:0-1"]
    store.delete("a")
    store.delete("never there")
    assert len(store.client) == 1


def test_the_store_deletes_nodes_by_id_and_takes_them_back(store: PassageVectorStore) -> None:
    store.delete_nodes(["a:0-1", "never there"])
    assert nearest(store, EAST) == ["a:1-2"]
    store.add([node("a:0-1", EAST, "a")])
    assert nearest(store, EAST, 1) == ["a:0-1"]


def test_a_node_added_again_takes_the_place_of_the_old_one(store: PassageVectorStore) -> None:
    assert store.add([node("a:0-1", NORTH, "b")]) == ["a:0-1"]
    assert nearest(store, EAST) == ["a:1-2"]
    store.delete("b")
    assert nearest(store, NORTH) == ["a:1-2"]


def test_a_query_can_be_narrowed_to_reports_and_nodes(store: PassageVectorStore) -> None:
    assert nearest(store, EAST, doc_ids=["b"]) == []
    assert nearest(store, NORTH, doc_ids=["a"]) == ["a:1-2"]
    assert nearest(store, NORTH, 1, doc_ids=["a", "b"]) == ["b:0-1"]
    assert nearest(store, NORTH, node_ids=["a:1-2", "a:0-1"]) == ["a:1-2"]
    assert nearest(store, NORTH, node_ids=[]) == []
    assert nearest(store, NORTH, node_ids=["a:1-2"], doc_ids=["b"]) == []


def test_metadata_filters_are_refused_rather_than_ignored(store: PassageVectorStore) -> None:
    filters = MetadataFilters(filters=[MetadataFilter(key="year", value=2025)])
    with pytest.raises(ValueError, match="filters are not supported"):
        nearest(store, EAST, filters=filters)
    with pytest.raises(ValueError, match="filters are not supported"):
        store.delete_nodes(["a:0-1"], filters=filters)
    assert len(store.client) == 3
    assert nearest(store, EAST, 1, filters=MetadataFilters(filters=[])) == ["a:0-1"]


def test_nothing_added_changes_nothing(store: PassageVectorStore) -> None:
    assert store.add([]) == []
    assert len(store.client) == 3


def test_a_store_over_the_shipped_index_knows_which_report_owns_what(shipped: Shipped) -> None:
    generation, embedder = shipped.assistant.index.generation, shipped.assistant.embedder
    store = PassageVectorStore(generation.dense)
    ids = [ref.report_id for ref in shipped.assistant.reports()]
    question = embedder.embed_queries([BMW])[0].tolist()
    for report_id in ids:
        found = nearest(store, question, 7, doc_ids=[report_id])
        assert len(found) == 7
        assert {passage_id.partition(":")[0] for passage_id in found} == {report_id}
    assert nearest(store, question, 5) == [name for name, _ in generation.dense.search(np.array(question), 5)]


def test_a_store_over_vectors_of_its_own_is_searched_alike() -> None:
    index = DenseIndex(2)
    index.add(["x:0-1", "y:0-1"], vectors(EAST, NORTH))
    assert nearest(PassageVectorStore(index), EAST, doc_ids=["x"]) == ["x:0-1"]
