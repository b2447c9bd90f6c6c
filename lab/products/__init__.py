"""Simulators of the products, one package for each."""
