// What the tests' helpers register, a benchmark does by itself.
globalThis.beforeEach = globalThis.afterEach = () => {};
