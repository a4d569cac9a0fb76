// Values are changed in a matrix, seen before they are saved, and traced to where they come from.
import { lookAt } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

test('a group is made, its values are edited, shown, saved and traced', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'switches-with' : 'switches-without'
  const main = page.getByRole('main')
  await page.goto('/configuration')
  await page.getByRole('link', { name: 'New group' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New configuration group')
  await lookAt(page, 'configuration-new', info, scripted)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel(/^Paste .env/).fill('# first\nORDER_TIMEOUT=8s\nBANNER="two\nlines"\n')
  await page.getByRole('button', { name: 'Create group' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await expect(page.getByRole('row', { name: /ORDER_TIMEOUT/ })).toContainText('from global')

  // Several cells are changed, and one key is added: nothing is saved before it was seen.
  await page.getByRole('link', { name: 'Edit values' }).click()
  await page.getByLabel('ORDER_TIMEOUT in Development').fill('12s')
  await page.getByRole('button', { name: 'Add a key' }).click()
  await page.getByLabel('New key', { exact: true }).fill('LEVEL')
  await page.getByLabel('New key in Global').fill('info')
  await lookAt(page, 'configuration-values', info, scripted)
  await page.getByRole('button', { name: 'Save values' }).click()
  await expect(main).toContainText('Nothing has been done yet')
  await expect(main).toContainText('12s')
  await page.getByRole('button', { name: 'Save values now' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  const timeout = page.getByRole('row', { name: /^ORDER_TIMEOUT/ })
  await expect(timeout).toContainText('12s')
  await expect(page.getByRole('row', { name: /^LEVEL/ })).toContainText('info')
  await expect(page.getByRole('row', { name: /^BANNER/ })).toContainText('two⏎lines')

  await timeout.getByRole('link', { name: /12s/ }).click()
  await expect(page).toHaveURL(/trace=ORDER_TIMEOUT%40development/)
  await expect(main).toContainText('Why 12s in Development')
  await lookAt(page, 'configuration-trace', info, scripted)

  // One key with all its levels, of which one is a secret's path.
  await timeout.getByRole('link', { name: 'ORDER_TIMEOUT' }).click()
  await page.getByLabel('Development', { exact: false }).first().fill('secret/shop#timeout')
  await page.getByLabel('Kind of value for Development').selectOption({ label: 'Secret in Vault, by its path' })
  await lookAt(page, 'configuration-key', info, scripted)
  await page.getByRole('button', { name: 'Save key' }).click()
  await page.getByRole('button', { name: 'Save key now' }).click()
  await expect(timeout).toContainText('secret/shop#timeout')

  await page.getByRole('link', { name: 'Paste .env' }).click()
  await page.getByLabel('Text of a .env file').fill('LEVEL=debug\nNEW=1')
  await page.getByLabel('For', { exact: true }).selectOption({ label: 'Development' })
  await page.getByRole('button', { name: 'Save keys' }).click()
  await page.getByRole('button', { name: 'Save keys now' }).click()
  await expect(page.getByRole('row', { name: /^LEVEL/ })).toContainText('debug')
  await page.getByLabel('Only where environments differ').check()
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page.getByRole('row', { name: /^BANNER/ })).toHaveCount(0)
  await expect(page.getByRole('row', { name: /^LEVEL/ })).toHaveCount(1)
})

test.describe('lines that are no keys', () => {
  test.use({ forgive: [/status of 422/] })

  test('are told with their number', async ({ page, scripted }) => {
    const name = scripted ? 'lines-with' : 'lines-without'
    await page.goto('/configuration/new')
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel(/^Paste .env/).fill('OK=1\nnonsense')
    await page.getByRole('button', { name: 'Create group' }).click()
    await expect(page.getByRole('main')).toContainText(/line 2 has no =/i)
    await expect(page.getByLabel(/^Paste .env/)).toHaveValue('OK=1\nnonsense')
  })
})
