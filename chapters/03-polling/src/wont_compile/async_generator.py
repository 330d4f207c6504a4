"""An asynchronous generator that returns a value."""

# ANCHOR: main
SOURCE = """
async def ticker():
    yield 1
    return 2
"""

try:
    compile(SOURCE, "ticker.py", "exec")
except SyntaxError as error:
    print(f"SyntaxError: {error.msg}")
# ANCHOR_END: main
