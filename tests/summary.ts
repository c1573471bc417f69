import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Ends a run with one plain line for whoever reads only the last: `12 passed, 0 failed`. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    // A file that could not be read, a failing hook and an unhandled error have no test of their own.
    const brokenModules = modules.filter((module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0).length
    const failed = tests.filter((test) => test.result().state === 'failed').length + brokenModules + errors.length
    const ranNothing = passed + failed === 0 // the set-up failed, or no file was found
    process.stdout.write(`\n${passed} passed, ${ranNothing ? 1 : failed} failed\n`)
  }
}
