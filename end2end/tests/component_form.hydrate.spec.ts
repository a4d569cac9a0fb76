// With the script a component's form keeps up: suggestions as they are typed, and the preview.
import { carryOut, plan } from '../support/apply.ts'
import { awake } from '../support/look.ts'
import { project, service } from '../support/manifests.ts'
import { expect, test } from '../support/test.ts'

test('endpoints are suggested while they are typed, and the preview keeps up', async ({ page }) => {
  test.slow()
  await plan(page, service('suggested', 'v1'))
  await carryOut(page)
  await page.goto(`/projects/${project}/components/new`)
  await awake(page)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('caller')
  await page.getByRole('textbox', { name: 'Image', exact: true }).fill('registry.example/caller:v1')
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText('Deployment')

  await page.getByRole('button', { name: 'Add connection' }).click()
  await awake(page)
  // What was shown before the row was made comes back by itself.
  await expect(panel).toContainText('Deployment')
  const calls = page.getByLabel('Calls')
  const list = page.locator('#known-endpoints option')
  await calls.fill('nothing-is-called-so')
  await expect(list).toHaveCount(0)
  await calls.fill('suggest')
  await expect(list.first()).toHaveAttribute('value', 'suggested/web')
  await calls.fill('suggested/web')
  await expect(panel).toContainText('SUGGESTED_ADDR=suggested')

  await page.getByRole('textbox', { name: 'Port' }).first().fill('eighty')
  await expect(panel).toContainText('Still to put right')
  await page.getByRole('textbox', { name: 'Port' }).first().fill('80')
  await expect(panel).toContainText('SUGGESTED_ADDR=suggested')
})
