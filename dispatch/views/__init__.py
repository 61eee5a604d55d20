"""The pages of the work at hand. Each asks `dispatch.overview` and `dispatch.selectors`, and renders."""
