// What axe says of the figures of a page.

// Every rule of axe for WCAG A and AA.
export function violations(page) {
  return page.evaluate(async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await globalThis.axe.run("figure.trace-stepper", { runOnly });
    if (result.passes.length < 10) return [`only ${result.passes.length} rules were looked at`];
    return result.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id} (${any[0]?.data?.contrastRatio ?? ""}): ${html.slice(0, 120)}`),
    );
  });
}
