import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The longest, so that none of them is left to run alone at the end. The first builds the pages and the demonstration city; the
 * two after it need neither, so that nobody waits.
 */
const longest = [
  'tests/journeys/scope.test.ts',
  'app/features/filings/filings.test.ts',
  'app/features/campaigns/organisation.property.test.ts',
  'tests/journeys/pages.test.ts',
  'tests/journeys/pages-one.test.ts',
  'tests/journeys/pages-two.test.ts',
  'tests/backup.test.ts',
  'tests/journeys/leak.test.ts',
  'tests/journeys/kill.test.ts',
  'app/db/embedded.test.ts',
  'app/cli.test.ts',
  'tests/operations.test.ts',
]

/** The longest files first, the others as Vitest would have them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => [...longest, moduleId].findIndex((file) => moduleId.endsWith(file))
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other))
  }
}
