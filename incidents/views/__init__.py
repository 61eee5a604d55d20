"""The pages of reporting and acting. The page of one incident shows clocks as well and stands in `dispatch.views`."""
