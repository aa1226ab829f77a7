"""Argo CD: Applications, and the ApplicationSets that make them, as Argo CD renders them."""
