"""One value of a model, for texts and tables: what is asked, what the graph answers, in words."""
