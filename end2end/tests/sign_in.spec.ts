// Nobody sees anything before signing in, and afterwards lands where they wanted to go.
import { administrator, signIn } from '../support/people.ts'
import { expect, stranger, test } from '../support/test.ts'

test.use({ storageState: stranger })

test('a stranger is asked to sign in, and then sees the page they wanted', async ({ page }) => {
  await page.goto('/planes')
  await expect(page).toHaveURL(/\/sign-in/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/sign in/i)
  await signIn(page)
  await expect(page).toHaveURL(/\/planes$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/planes/i)
})

test.describe('a wrong password', () => {
  test.use({ forgive: [/status of 40[013]|status of 422/] })

  test('is refused in words, keeps the name, and gives nothing away', async ({ page }) => {
    await page.goto('/sign-in')
    await signIn(page, { ...administrator, password: 'wrong' })
    await expect(page.getByRole('alert')).toBeVisible()
    const known = await page.getByRole('alert').innerText()
    await expect(page.getByLabel('Password')).toHaveValue('')

    await page.goto('/sign-in')
    await signIn(page, { name: 'nobody', password: 'wrong' })
    await expect(page.getByRole('alert')).toHaveText(known)
  })
})

test('signing out ends the session', async ({ page }) => {
  await page.goto('/sign-in')
  await signIn(page)
  await expect(page).not.toHaveURL(/sign-in/)
  await page.getByRole('button', { name: /theme and sign out$/ }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.goto('/projects')
  await expect(page).toHaveURL(/sign-in/)
})
