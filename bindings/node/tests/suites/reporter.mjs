// Writes a line of JSON for each test that has no others in it.
export default async function* reporter(source) {
  const path = [];
  const parents = new Set();
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      path.length = data.nesting;
      parents.add(path.join(' > '));
      path.push(data.name);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const name = [...path.slice(0, data.nesting), data.name].join(' > ');
    if (parents.has(name) || data.skip !== undefined) continue;
    yield `${JSON.stringify({ name, isPassed: type === 'test:pass' })}\n`;
  }
}
