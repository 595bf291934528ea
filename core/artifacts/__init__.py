"""What a run looks like on disk: schema, manifest, checked reads, atomic writes, one writer at a time."""
