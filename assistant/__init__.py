"""A cited question-answering assistant for folders of Japanese and English research reports.

Importing the package does nothing and costs nothing; start with `assistant.assistant.Assistant`.
"""

__version__ = "0.1.0"
