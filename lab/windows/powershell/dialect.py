CMDLETS: dict[str, tuple[str, ...]] = {}
