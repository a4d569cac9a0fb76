// Who uses the portal in these tests, and how they come in.
import type { Page } from '@playwright/test'

export const administrator = { name: 'admin', password: 'correct-horse-battery-staple' }

/** Fills the form as a person does, wherever they were sent. */
export async function signIn(page: Page, person = administrator): Promise<void> {
  if (!new URL(page.url(), 'http://nowhere').pathname.startsWith('/sign-in')) await page.goto('/sign-in')
  await page.getByLabel('Name', { exact: false }).fill(person.name)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: /^sign in/i }).click()
}
