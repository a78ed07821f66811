"""What runs steps: schema, store, finished partitions, provenance, engine."""
