/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ckpt-amount.h"

#include <string.h>

#include "model/ckpt-text.h"

static void
assert_amount (const char *text, CkptAmountUnit unit, guint64 low, guint64 high)
{
  CkptAmount amount;

  if (!ckpt_amount_parse (&amount, text, unit))
    g_error ("%s: not read", text);
  g_test_message ("%s", text);
  g_assert_cmpuint (amount.low, ==, low);
  g_assert_cmpuint (amount.high, ==, high);
}

static void
test_comparisons (void)
{
  assert_amount (">10MB", CKPT_AMOUNT_BYTES, 10000001, G_MAXUINT64);
  assert_amount (">=10MB", CKPT_AMOUNT_BYTES, 10000000, G_MAXUINT64);
  assert_amount ("≥ 10 mb", CKPT_AMOUNT_BYTES, 10000000, G_MAXUINT64);
  assert_amount ("<4KiB", CKPT_AMOUNT_BYTES, 0, 4095);
  assert_amount ("<=4KiB", CKPT_AMOUNT_BYTES, 0, 4096);
  assert_amount ("≤1.5kib", CKPT_AMOUNT_BYTES, 0, 1536);
  assert_amount ("=7.1MB", CKPT_AMOUNT_BYTES, 7100000, 7100000);
  assert_amount (">1,769,472", CKPT_AMOUNT_COUNT, 1769473, G_MAXUINT64);
  assert_amount (">1_000", CKPT_AMOUNT_COUNT, 1001, G_MAXUINT64);
  assert_amount (">1.3B", CKPT_AMOUNT_COUNT, 1300000001, G_MAXUINT64);
  assert_amount (">0", CKPT_AMOUNT_COUNT, 1, G_MAXUINT64);
}

static void
test_ranges (void)
{
  assert_amount ("1MB..2MB", CKPT_AMOUNT_BYTES, 1000000, 2000000);
  assert_amount ("1k..", CKPT_AMOUNT_COUNT, 1000, G_MAXUINT64);
  assert_amount ("..1k", CKPT_AMOUNT_COUNT, 0, 1000);
  assert_amount ("768", CKPT_AMOUNT_COUNT, 768, 768);
  assert_amount ("0", CKPT_AMOUNT_COUNT, 0, 0);
  assert_amount ("18446744073709551615", CKPT_AMOUNT_COUNT, G_MAXUINT64, G_MAXUINT64);
}

/* A number as it is shown finds all that are shown so, and, if it has decimals, no other. */
static void
test_rounded (void)
{
  const guint64 numbers[] = { 999, 7049999, 7050000, 7100000, 7149999, 7150000, 497800000, 124439808 };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *shown = ckpt_text_short_count (numbers[i]);
      CkptAmount amount;

      g_assert_true (ckpt_amount_parse (&amount, shown, CKPT_AMOUNT_COUNT));
      for (gsize j = 0; j < G_N_ELEMENTS (numbers); j++)
        {
          g_autofree char *other = ckpt_text_short_count (numbers[j]);

          if (g_str_equal (shown, other))
            g_assert_true (ckpt_amount_contains (&amount, numbers[j]));
          else if (strchr (shown, '.') != NULL)
            g_assert_false (ckpt_amount_contains (&amount, numbers[j]));
        }
    }
}

static void
test_refused (void)
{
  const char *const texts[] = { "",
                                ">",
                                "MB",
                                "10XB",
                                "ten",
                                "-1",
                                "1.5",
                                "0.0001k",
                                "1..2..3",
                                "2..1",
                                "..",
                                ">18446744073709551615",
                                "<0",
                                "18446744073709551616",
                                "99999999999TB",
                                "1.2.3k",
                                "1,k",
                                ">>1",
                                "1e6",
                                "nan",
                                "1.99999999999999999999k" };
  CkptAmount amount = { 3, 4 };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (ckpt_amount_parse (&amount, texts[i], CKPT_AMOUNT_BYTES))
      g_error ("%s was read", texts[i]);
  g_assert_false (ckpt_amount_parse (&amount, "1KiB", CKPT_AMOUNT_COUNT));
  g_assert_cmpuint (amount.low, ==, 3);
  g_assert_cmpuint (amount.high, ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/amount/comparisons", test_comparisons);
  g_test_add_func ("/amount/ranges", test_ranges);
  g_test_add_func ("/amount/rounded", test_rounded);
  g_test_add_func ("/amount/refused", test_refused);

  return g_test_run ();
}
