/** The form that staff sign in with. */
import { signIn } from './api.ts';
import { element } from './dom.ts';

export function openSignIn(signedIn: () => void): { element: HTMLElement; focus(): void } {
  const login = element('input', { id: 'login', name: 'username', autocomplete: 'username', required: '' });
  login.autocapitalize = 'none';
  const password = element('input', {
    id: 'password',
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    required: '',
  });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const submit = element('button', { type: 'submit', class: 'primary' }, 'Sign in');
  const form = element(
    'form',
    { class: 'sign-in card' },
    element('img', { src: '/staff/page/icon.svg', alt: '', width: '48', height: '48' }),
    element('h1', {}, 'Bellhop'),
    element('p', { class: 'quiet' }, 'The desk for staff'),
    element('label', { for: 'login' }, 'Name'),
    login,
    element('label', { for: 'password' }, 'Password'),
    password,
    problem,
    submit,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tryIt();
  });
  return { element: element('main', { class: 'alone' }, form), focus: () => login.focus() };

  async function tryIt(): Promise<void> {
    submit.disabled = true;
    problem.textContent = '';
    const told = await signIn(login.value, password.value);
    submit.disabled = false;
    if (told === undefined) return signedIn();
    problem.textContent = told;
    password.select();
  }
}
