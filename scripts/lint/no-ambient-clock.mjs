// An oxlint plugin of one rule, for what no-restricted-* cannot express: the clock read by `new Date()` or `Date()`.

const noAmbientClock = {
  create(context) {
    const report = (node) =>
      context.report({
        node,
        message: 'The clock is read in packages/dispatchr only and handed in as now().',
      });
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) report(node);
      },
      CallExpression(node) {
        if (node.callee.name === 'Date') report(node);
      },
    };
  },
};

export default { meta: { name: 'dispatchr' }, rules: { 'no-ambient-clock': noAmbientClock } };
