// The palette, by the keyboard alone: it opens, finds, goes, remembers, and closes.
import { accessible, awake } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

const shop = 'gcp-microservice-demo'

test('Ctrl K opens it, what is typed is found, Enter goes there', async ({ page }) => {
  await page.goto('/environments')
  await awake(page)
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search or jump to' })
  await expect(palette).toBeVisible()
  const field = palette.getByRole('combobox')
  await expect(field).toBeFocused()
  await page.keyboard.type('check')
  const first = palette.getByRole('option', { selected: true })
  await expect(first).toContainText('checkout')
  const id = await first.getAttribute('id')
  await expect(field).toHaveAttribute('aria-activedescendant', id ?? 'none')
  await accessible(page, 'palette')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/projects/${shop}/components/checkout$`))
})

test('arrows choose, deeds come before places, and the page before is recent', async ({ page }) => {
  await page.goto(`/projects/${shop}/components/cart`)
  await awake(page)
  await page.goto('/planes')
  await awake(page)
  await page.keyboard.press('/')
  const palette = page.getByRole('dialog', { name: 'Search or jump to' })
  await expect(palette.getByRole('group', { name: 'Recent' }).getByRole('option').first()).toContainText('cart')
  await page.keyboard.type('logs cart')
  const deed = palette.getByRole('group', { name: 'Do' }).getByRole('option', { name: /Logs of cart/ })
  await expect(deed).toBeVisible()
  for (let turn = 0; turn < 12 && (await deed.getAttribute('aria-selected')) !== 'true'; turn++) {
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/components\/cart\/logs$/)
})

test('Escape closes it, and the keys under ? are true', async ({ page }) => {
  await page.goto('/environments')
  await awake(page)
  await page.keyboard.press('/')
  const palette = page.getByRole('dialog', { name: 'Search or jump to' })
  await expect(palette).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expect(keys).toBeVisible()
  const told = await keys.locator('dt').allInnerTexts()
  const goes = told.map((text) => text.replace(/\s/g, '')).filter((text) => /^g[a-z]$/.test(text))
  expect(goes.length).toBeGreaterThan(5)
  for (const [, letter] of goes) {
    await page.goto('/waiting')
    await awake(page)
    await page.keyboard.press('g')
    await page.keyboard.press(letter ?? '')
    if (letter !== 'w') await expect(page).not.toHaveURL(/\/waiting$/)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
})
