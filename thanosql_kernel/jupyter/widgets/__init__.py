"""What needs a live front end: pictures to browse and progress with a button. `ipywidgets` is imported inside."""
