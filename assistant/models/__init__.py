"""Models behind small ports: embedders, rerankers, language models. Heavy libraries load when a model is first used."""
