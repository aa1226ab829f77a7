"""Questions about targets, outside of any rule: the origin of a field, and the effect of a scalar."""
