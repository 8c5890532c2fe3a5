"""The web door: questions in a browser, answers with their evidence beside them. gradio is imported nowhere else."""
