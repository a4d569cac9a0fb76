// The editor of classes numbers lines and offers the fields that may stand where the caret is.
import { awake } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

test.use({ forgive: [/status of 422/] })

test('fields are offered by Kubernetes’ own schema, and put in', async ({ page }) => {
  await page.goto('/classes/serviceclasses/default/edit?as=yaml')
  await awake(page)
  const text = page.getByRole('textbox', { name: 'Manifest' })
  await expect(page.locator('.gutter')).toContainText('12')
  await text.evaluate((area: HTMLTextAreaElement) => {
    const at = area.value.indexOf('resources:')
    area.focus()
    area.setSelectionRange(at, at)
  })
  await page.keyboard.type('imagePul')
  const offered = page.getByRole('group', { name: 'Fields that may stand here' }).getByRole('button')
  await expect(offered).toHaveText(['imagePullPolicy'])
  await page.keyboard.press('Control+ ')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Sometimes\n            ')
  await expect(text).toHaveValue(/\n {12}imagePullPolicy: Sometimes\n {12}resources:/)
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByRole('main')).toContainText('Write `Always`')
  await awake(page)
  await expect(page.locator('.gutter b')).toHaveCount(1)
})
