// No import: the tools live outside the service, and a plain object is all vitest needs.
export default {
  test: {
    include: ['test/**/*.test.js'],
    coverage: { provider: 'v8', include: ['src/**/*.js'], reporter: ['lcovonly', 'text-summary'] },
  },
};
