// Mutants are made of the rules about money, and the unit tests alone have to find them.
export default { test: { include: ['test/unit/**/*.test.js'] } };
