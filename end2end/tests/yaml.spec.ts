// A resource as YAML: made from the kind's example, changed after a look at the difference, compared.
import { lookAt } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

test.use({ forgive: [/status of 4(09|22)/] })

test('a resource is made, changed, compared and refused as YAML', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'yaml-with' : 'yaml-without'
  const text = page.getByRole('textbox', { name: 'YAML' })
  const title = page.getByRole('heading', { level: 1 })
  const main = page.getByRole('main')

  await page.goto('/resources/configurationgroups/new')
  await expect(title).toHaveText('New ConfigurationGroup')
  await lookAt(page, 'yaml-new', info, scripted)
  await text.fill((await text.inputValue()).replace('name: example', `name: ${name}`))
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  // What it comes to is shown first.
  await expect(main).toContainText('Nothing has been done yet')
  await page.getByRole('button', { name: 'Create now' }).click()
  await expect(title).toHaveText(name)

  await page.getByRole('link', { name: 'Edit as YAML' }).click()
  await expect(title).toHaveText(`Edit ${name}`)
  const stored = await text.inputValue()
  const marked = stored.replace('spec:\n', 'spec:\n  confgurations: []\n')
  await text.fill(marked)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(main).toContainText(/line \d+/)
  await expect(main).toContainText('confgurations')
  await expect(text).toHaveValue(marked)
  await lookAt(page, 'yaml-faults', info, scripted)

  const labelled = stored.replace('metadata:\n', 'metadata:\n  annotations:\n    openchoreo.dev/description: Seen\n')
  await text.fill(labelled)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(main).toContainText('Seen')
  await page.getByRole('button', { name: 'Save now' }).click()
  await expect(title).toHaveText(name)

  await page.getByRole('button', { name: 'Compare' }).click()
  await expect(title).toHaveText(`What changed in ${name}`)
  await expect(main).toContainText('Seen')
  await lookAt(page, 'yaml-compare', info, scripted)
})
