"""An asynchronous generator that returns a value."""

# ANCHOR: main
SOURCE = """
async def shift():
    yield 12
    return 12
"""

try:
    compile(SOURCE, "shift.py", "exec")
except SyntaxError as error:
    print(f"SyntaxError: {error.msg}")
# ANCHOR_END: main
