import { render } from 'preact';
import './styles/base.css';
import './styles/top.css';
import './styles/figures.css';
import './styles/alarms.css';
import './styles/devices.css';
import './styles/system.css';
import './styles/signin.css';
import { startConsole } from './session';
import { createStore } from './store';
import { App } from './views/App';

const store = createStore();
render(<App store={store} console={startConsole(store)} />, document.getElementById('app')!);
