"""Word documents (Office Open XML, ISO/IEC 29500), with the notes as comments."""
