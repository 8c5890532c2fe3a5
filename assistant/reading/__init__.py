"""From a report file to a `Report`: one module a format; touches files through `reader.read` only."""
