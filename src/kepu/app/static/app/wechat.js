// Inside WeChat: tells it what the card of this page says. Its own script comes from its own host.
const card = document.getElementById("wechat-card").dataset;
const address = location.href.split("#")[0];  // the one that is signed; the link in the bar may change later
const apis = ["updateAppMessageShareData", "updateTimelineShareData"];
let link = card.link || address;  // a page that is the same for all readers does not name its own

start();
addEventListener("kepu:shared", ({detail}) => {
  link = detail;
  if (window.wx) window.wx.ready(tell);
});

async function start() {
  try {
    const [answer] = await Promise.all([
      fetch("/wechat/signature/?url=" + encodeURIComponent(address)),
      loaded("https://res.wx.qq.com/open/js/jweixin-1.6.0.js"),
    ]);
    if (!answer.ok) return;
    window.wx.config({...await answer.json(), debug: false, jsApiList: apis});
    window.wx.ready(tell);
  } catch (gone) { /* WeChat then makes the card by itself */ }
}

function tell() {
  const said = {title: card.title, link, imgUrl: card.picture};
  window.wx.updateAppMessageShareData({...said, desc: card.text});
  window.wx.updateTimelineShareData(said);
}

function loaded(src) {
  return new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), {src, onload: done, onerror: failed}));
  });
}
