// Searching and keeping, also without a script.
import { awake } from '../support/look.ts'
import { administrator, signIn } from '../support/people.ts'
import { expect, test } from '../support/test.ts'

const shop = 'gcp-microservice-demo'

test('the field in the bar leads to everything that fits, by kind', async ({ page }) => {
  await page.goto('/environments')
  await page.getByRole('searchbox', { name: 'Search everything' }).first().fill('check')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search\?q=check/)
  const components = page.getByRole('region', { name: 'Components' })
  await components.getByRole('link', { name: 'checkout' }).click()
  await expect(page).toHaveURL(new RegExp(`/projects/${shop}/components/checkout$`))
})

test('an image finds the component that runs it', async ({ page }) => {
  await page.goto('/search?q=cartservice')
  await expect(page.getByRole('main')).toContainText('microservices-demo/cartservice')
  await expect(page.getByRole('main').getByRole('link', { name: 'cart', exact: true })).toBeVisible()
})

test('a star brings a project to the front of home, and lets it go', async ({ page, scripted }) => {
  // One user has one set of favourites, so each way stars a project of its own.
  const project = scripted ? 'gcp-microservice-demo' : 'bookshop'
  const star = (says: string) => page.getByRole('main').getByRole('button', { name: `${says}: ${project}` })
  await page.goto(`/projects/${project}`)
  if (scripted) await awake(page)
  await star('Add to your favourites').click()
  await expect(star('Take from your favourites')).toBeVisible()
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'My projects' })).toBeVisible()
  await star('Take from your favourites').click()
  await expect(star('Add to your favourites')).toBeVisible()
})

test('a theme is there again after signing in elsewhere', async ({ page, browser }) => {
  await page.goto('/waiting')
  const choose = async (name: string) => {
    await page.getByRole('button', { name: /theme and sign out$/ }).click()
    await page.getByRole('button', { name, exact: true }).click()
  }
  await choose('Dark theme')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  const other = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const fresh = await other.newPage()
  await fresh.goto(new URL('/sign-in?return_to=%2Fwaiting', page.url()).href)
  await signIn(fresh, administrator)
  await expect(fresh.locator('html')).toHaveAttribute('data-theme', 'dark')
  await other.close()
  await choose('Theme of the system')
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
})
