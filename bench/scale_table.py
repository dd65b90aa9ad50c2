def scale_tables(x: object) -> str: return ""
