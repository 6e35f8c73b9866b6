"""Sphinx configuration."""

project = "winset"
author = "The winset developers"
extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
html_theme = "pydata_sphinx_theme"
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
exclude_patterns = ["_build", "jupyter_execute"]
numpydoc_show_class_members = False
autosummary_generate = False
html_theme_options = {"show_toc_level": 2}
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["mystnb.unknown_mime_type"]
