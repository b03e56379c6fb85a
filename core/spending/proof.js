// Finds the number that answers a challenge of core/spending/proof.py: answerbookProof(challenge).then(answer => …).
// SHA-256 in plain JavaScript, as a page over http has no crypto.subtle; it lets the page breathe every few milliseconds.
(function (scope) {
  "use strict";
  var K = [], START = [];
  for (var n = 2; K.length < 64; n++) {
    for (var d = 2; d * d <= n && n % d; d++);
    if (d * d <= n) continue;
    if (START.length < 8) START.push((Math.sqrt(n) % 1) * 4294967296 | 0);
    K.push((Math.cbrt(n) % 1) * 4294967296 | 0);
  }
  var w = new Int32Array(64);

  function turn(x, by) { return (x >>> by) | (x << (32 - by)); }

  // The first 32 bits of the SHA-256 of ASCII text; more are never asked for.
  function beginning(text) {
    var h = START.slice(), length = text.length, blocks = (length + 9 + 63) >> 6;
    for (var block = 0; block < blocks; block++) {
      for (var i = 0; i < 16; i++) {
        for (var word = 0, j = 0; j < 4; j++) {
          var at = block * 64 + i * 4 + j;
          word = (word << 8) | (at < length ? text.charCodeAt(at) : at === length ? 128 : 0);
        }
        w[i] = block === blocks - 1 && i === 15 ? length * 8 : word;
      }
      for (i = 16; i < 64; i++) {
        var p = w[i - 15], q = w[i - 2];
        w[i] = (w[i - 16] + (turn(p, 7) ^ turn(p, 18) ^ (p >>> 3)) + w[i - 7] + (turn(q, 17) ^ turn(q, 19) ^ (q >>> 10))) | 0;
      }
      var v = h.slice();
      for (i = 0; i < 64; i++) {
        var e = v[4], a = v[0];
        var one = (v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + K[i] + w[i]) | 0;
        var two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]))) | 0;
        v = [(one + two) | 0, a, v[1], v[2], (v[3] + one) | 0, e, v[5], v[6]];
      }
      for (i = 0; i < 8; i++) h[i] = (h[i] + v[i]) | 0;
    }
    return h[0] >>> 0;
  }

  scope.answerbookProof = function (challenge) {
    var limit = Math.pow(2, 32 - Number(challenge.split(".")[1])), number = 0;
    return new Promise(function (done) {
      (function some() {
        for (var until = Date.now() + 12; Date.now() < until;) {
          for (var tries = 0; tries < 50; tries++, number++) {
            if (beginning(challenge + ":" + number) < limit) return done(challenge + ":" + number);
          }
        }
        setTimeout(some, 0);
      })();
    });
  };
})(typeof window === "undefined" ? globalThis : window);
