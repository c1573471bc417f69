import fc from 'fast-check'

// The same commit gives the same answer: what a property finds by luck would otherwise stop a change that has no part in it. To hunt, PROPERTY_SEED=random
// (or a number) npx vitest run FILE; a counterexample becomes a test of its own.
const asked = process.env['PROPERTY_SEED']
fc.configureGlobal({ seed: asked === 'random' ? Date.now() : Number(asked ?? 2021) })
