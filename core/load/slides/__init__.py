"""PowerPoint presentations, new and old: a page a slide."""
