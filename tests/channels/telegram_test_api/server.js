// telegram-test-api, with what the Bot API promises and it leaves out: node server.js PORT

const axios = require('axios');
const express = require('express');
const { TelegramServer } = require('telegram-test-api/lib/telegramServer');

const port = Number(process.argv[2]);
const server = new TelegramServer({ host: '127.0.0.1', port });

// Dates are seconds, and every press belongs to a chat.
const addBotMessage = server.addBotMessage.bind(server);
server.addBotMessage = (message, token) => {
  const made = addBotMessage(message, token);
  return { ...made, date: Math.floor(made.date / 1000) };
};
const formatUpdate = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const { callback_query: press, ...told } = formatUpdate(update);
  return press ? { ...told, callback_query: { ...press, chat_instance: '1' } } : told;
};

// A webhook is shown its secret, and one that refuses a call does not bring the server down.
const addUserUpdate = server.addUserUpdate.bind(server);
server.addUserUpdate = async (update) => {
  const hook = server.webhooks[update.botToken];
  if (!hook) return addUserUpdate(update);
  const headers = { 'X-Telegram-Bot-Api-Secret-Token': hook.secret_token || '' };
  server.updateId += 1;
  return axios.post(hook.url, TelegramServer.formatUpdate(update), { headers, validateStatus: () => true });
};

// Methods whose answer it leaves empty, or does not know.
const front = express();
const yes = (request, response) => response.json({ ok: true, result: true });
front.post('/bot:token/setMyCommands', yes);
front.post('/bot:token/answerCallbackQuery', yes);
front.post('/bot:token/editMessageReplyMarkup', express.urlencoded({ extended: true }), (request, response) => {
  const { chat_id: chat, message_id: id } = request.body;
  const shown = server.storage.botMessages.find((one) => String(one.messageId) === String(id));
  if (shown) delete shown.message.reply_markup;
  const result = { message_id: Number(id), date: 1, chat: { id: Number(chat), type: 'private' } };
  response.json(shown ? { ok: true, result } : { ok: false, error_code: 400, description: 'message to edit not found' });
});
front.post('/bot:token/getWebhookInfo', (request, response) =>
  response.json({ ok: true, result: server.webhooks[request.params.token] || { url: '' } }));
front.post('/bot:token/getUpdates', (request, response, next) => setTimeout(next, 100)); // So that nobody asks in circles.
front.use(server.webServer);
front.listen(port, '127.0.0.1', () => console.log('ready'));
