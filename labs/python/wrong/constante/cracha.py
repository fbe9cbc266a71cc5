"""Escreve sempre o mesmo crachá: o que estava certo da última vez."""

import markupsafe

print(f"<h1>{markupsafe.escape('caju-4f1a <visita>')}</h1>")
