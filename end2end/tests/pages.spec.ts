// Every page answers, fits every screen in both themes, is accessible, and is small.
import { HTML_CEILING, REQUEST_CEILING, awake, countRequests, gzipped, lookAt } from '../support/look.ts'
import { expect, stranger, test } from '../support/test.ts'

const shop = '/projects/gcp-microservice-demo'
const frontend = `${shop}/components/frontend`
const there = '?environment=development'

const pages: [name: string, path: string, heading: RegExp][] = [
  ['home', '/', /./],
  ['projects', '/projects', /projects/i],
  ['project', shop, /./],
  ['component', frontend, /frontend/i],
  ['component-artifacts', `${frontend}/artifacts`, /frontend/i],
  ['component-releases', `${frontend}/releases${there}`, /frontend/i],
  ['component-runtime', `${frontend}/runtime${there}`, /frontend/i],
  ['component-events', `${frontend}/events${there}`, /frontend/i],
  ['component-logs', `${frontend}/logs${there}`, /frontend/i],
  ['component-definition', `${frontend}/definition`, /frontend/i],
  ['component-history', `${frontend}/history`, /frontend/i],
  ['release', `${frontend}/releases/development/1`, /release|frontend/i],
  ['apply', '/apply', /apply/i],
  ['environments', '/environments', /environments/i],
  ['environment', '/environments/development', /development/i],
  ['environment-new', '/environments/new', /environment/i],
  ['pipelines', '/pipelines', /pipelines/i],
  ['pipeline', '/pipelines/default', /pipeline/i],
  ['pipeline-edit', '/pipelines/default/edit', /pipeline/i],
  ['planes', '/planes', /planes/i],
  ['waiting', '/waiting', /waiting/i],
  ['resources', '/resources', /resources/i],
  ['components', '/resources/components', /components/i],
  ['component-manifest', '/resources/components/frontend?project=gcp-microservice-demo', /frontend/i],
]

for (const [name, path, heading] of pages) {
  test(`${name} is complete, fits, and is small`, async ({ page, scripted }, info) => {
    test.slow()
    const asked = countRequests(page)
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    await expect(page.getByRole('heading', { level: 1 })).toContainText(heading)
    await expect(page.getByRole('main')).toBeVisible()
    await expect(page).toHaveTitle(/Troupe/)

    const html = (await answer?.text()) ?? ''
    expect.soft(gzipped(html), 'bytes of HTML, gzip').toBeLessThanOrEqual(HTML_CEILING)
    await page.waitForLoadState('load')
    if (scripted) await awake(page)
    expect.soft(asked.length, asked.join('\n')).toBeLessThanOrEqual(REQUEST_CEILING)

    await lookAt(page, name, info, scripted)
  })
}

test.describe('an address that is not there', () => {
  test.use({ forgive: [/status of 404/] })

  for (const [name, path] of [
    ['missing-page', '/no/such/page'],
    ['missing-project', '/projects/no-such-project'],
    ['missing-component', `${shop}/components/no-such-component`],
  ] as const) {
    test(`${name} says so, and how to go on`, async ({ page, scripted }, info) => {
      const answer = await page.goto(path)
      expect(answer?.status()).toBe(404)
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
      await expect(page.getByRole('main').getByRole('link').first()).toBeVisible()
      await lookAt(page, name, info, scripted)
    })
  }
})

test.describe('before signing in', () => {
  test.use({ storageState: stranger })

  test('the door fits and is accessible', async ({ page, scripted }, info) => {
    await page.goto('/sign-in')
    await lookAt(page, 'sign-in', info, scripted)
  })
})
