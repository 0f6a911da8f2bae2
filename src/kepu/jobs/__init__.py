"""Long work: asked for on a page, done by the worker, seen moving, cancelled or taken up again."""
