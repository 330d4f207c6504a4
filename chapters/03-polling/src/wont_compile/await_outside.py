"""`await` in a function that cannot stop."""

# ANCHOR: main
SOURCE = """
def evening():
    return await lift_off(3)
"""

try:
    compile(SOURCE, "evening.py", "exec")
except SyntaxError as error:
    print(f"SyntaxError: {error.msg}")
# ANCHOR_END: main
