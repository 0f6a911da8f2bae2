"""An import-linter contract of our own: a room is entered only by its doors."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Another room may import a room's doors (`rules`, `reads`, `writes`) and nothing behind them.

    `open_rooms` are mechanisms without tables, free to all below `config`; `also` names single modules that
    one named room may import although they are no door, as "importer -> imported".
    """

    # import-linter's fields are descriptors without types; these are the types they give.
    root: str = fields.StringField()  # type: ignore[assignment]
    doors: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]
    open_rooms: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]
    free_importers: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]
    also: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Kept when every import from one room into another goes through a door."""
        imports = (
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
        )
        broken = [pair for pair in imports if not self.allows(*pair)]
        unused = sorted(entry for entry in self.also if not self._used(entry, graph))
        return ContractCheck(kept=not broken and not unused, metadata={"broken": broken, "unused": unused})

    def allows(self, importer: str, imported: str) -> bool:
        """Whether `importer` may import `imported`; imports inside one room and tests are always allowed."""
        source, target = importer.split("."), imported.split(".")
        if source[0] != self.root or target[0] != self.root or len(source) < 2 or len(target) < 2:
            return True
        if source[1] == target[1] or "tests" in source or source[1] in self.free_importers:
            return True
        if target[1] in self.open_rooms or len(target) == 2:
            return True
        return target[2] in self.doors or f"{source[1]} -> {'.'.join(target[1:])}" in self.also

    def _used(self, entry: str, graph: ImportGraph) -> bool:
        importer, imported = entry.split(" -> ")
        target = f"{self.root}.{imported}"
        if target not in graph.modules:
            return False
        return any(
            name.split(".")[1:2] == [importer] for name in graph.find_modules_that_directly_import(target)
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an import, so that the way out is plain."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} reaches behind the doors of another room: {imported}", bold=False)
        for entry in check.metadata["unused"]:
            output.print_error(f"nobody uses the side door any more: {entry}", bold=False)
