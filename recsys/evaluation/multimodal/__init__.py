"""Does one space bring together what belongs together: pictures, titles and attributes of products nobody prepared."""
