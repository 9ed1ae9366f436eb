/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-tree.h"

#include "model/ckpt-path.h"
#include "pickle/ckpt-opcodes.h"

#include <string.h>

/* Keys as an attacker, or a tired person, would choose them. In pickle bytes. */
typedef struct
{
  const char *bytes;
  gsize length;
} Piece;
#define PIECE(literal) { literal, sizeof (literal) - 1 }

static const Piece nasty_keys[] = {
  PIECE ("\x8c\001a"),
  PIECE ("\x8c\000"),
  PIECE ("\x8c\003a.b"),
  PIECE ("\x8c\003a/b"),
  PIECE ("\x8c\001/"),
  PIECE ("\x8c\001."),
  PIECE ("\x8c\002.."),
  PIECE ("\x8c\001*"),
  PIECE ("\x8c\002**"),
  PIECE ("\x8c\001?"),
  PIECE ("\x8c\003[a]"),
  PIECE ("\x8c\001]"),
  PIECE ("\x8c\004[\"\"]"),
  PIECE ("\x8c\001\""),
  PIECE ("\x8c\001'"),
  PIECE ("\x8c\002'\""),
  PIECE ("\x8c\001\\"),
  PIECE ("\x8c\002\\n"),
  PIECE ("\x8c\001\n"),
  PIECE ("\x8c\004\\x0a"),
  PIECE ("\x8c\001\0"),
  PIECE ("\x8c\003a\0b"),
  PIECE ("\x8c\0010"),
  PIECE ("\x8c\00200"),
  PIECE ("\x8c\002#3"),
  PIECE ("\x8c\004None"),
  PIECE ("\x8c\004True"),
  PIECE ("\x8c\005state"),
  PIECE ("\x8c\004args"),
  PIECE ("\x8c\005items"),
  PIECE ("\x8c\006kwargs"),
  PIECE ("\x8c\003.lr"),
  PIECE ("\x8c\002lr"),
  PIECE ("\x8c\003_x1"),
  PIECE ("\x8c\0021x"),
  PIECE ("\x8c\002\xc3\xbf"),
  PIECE ("\x8c\002\xc2\x85"),
  PIECE ("\x8c\003\xe2\x80\xae"),
  PIECE ("\x8c\003\xed\xa0\x80"),
  PIECE ("\x8c\004\xf0\x9f\x9a\xa2"),
  PIECE ("\x8c\004\xf3\xa0\x81\x81"),
  PIECE ("\x8c\003\xe3\x85\xa4"),
  PIECE ("\x8c\001\x1b"),
  PIECE ("\x8c\003 a "),
  PIECE ("\x8c\001 "),
  PIECE ("\x8c\021torch.float32----"),
  PIECE ("U\001\xff"),
  PIECE ("U\001w"),
  PIECE ("U\002\xc3\xbf"),
  PIECE ("U\002\0\xfe"),
  PIECE ("C\001\xff"),
  PIECE ("C\001w"),
  PIECE ("C\000"),
  PIECE ("C\003'\"\\"),
  PIECE ("K\000"),
  PIECE ("K\001"),
  PIECE ("K\003"),
  PIECE ("J\xff\xff\xff\xff"),
  PIECE ("\x8a\001\x80"),
  PIECE ("\x8a\011\0\0\0\0\0\0\0\0\001"),
  PIECE ("\x8a\011\0\0\0\0\0\0\0\0\xff"),
  PIECE ("L18446744073709551616L\n"),
  PIECE ("L999999999999999999999999L\n"),
  PIECE ("\x88"),
  PIECE ("\x89"),
  PIECE ("N"),
  PIECE (")"),
  PIECE ("G?\xe0\0\0\0\0\0\0"),
  PIECE ("G\x7f\xf0\0\0\0\0\0\0"),
  PIECE ("G\xff\xf0\0\0\0\0\0\0"),
  PIECE ("G\x7f\xf8\0\0\0\0\0\0"),
  PIECE ("G\x80\0\0\0\0\0\0\0"),
  PIECE ("G?\xf0\0\0\0\0\0\0"),
  PIECE ("G\x7e\x37\xe4\x3c\x88\0\x75\x9c"),
  PIECE ("\x8c\001tK\001\x86"),
  PIECE ("\x8c\001t\x85"),
  PIECE ("K\001K\002K\003\x87"),
  PIECE ("N\x88\x86\x85"),
  PIECE ("G\x7f\xf8\0\0\0\0\0\0\x85"),
  PIECE ("C\001wU\001\xff\x86"),
  PIECE ("ctorch\nfloat32\n"),
  PIECE ("cbuiltins\nint\n"),
  PIECE ("c__builtin__\nlong\n"),
  PIECE ("ca b\nc[d]\n"),
  PIECE ("cx\n\n"),
  PIECE ("cx\n1\n"),
  PIECE ("c\xe2\x80\xae\nx\n"),
  PIECE ("cx\nY\n)\x81"),
  PIECE ("ctorch\ndevice\n\x8c\003cpu\x85R"),
  PIECE ("c_codecs\nencode\n\x8c\001w\x8c\006latin1\x86R"),
  PIECE ("]"),
};

typedef struct
{
  GRand *random;
  GByteArray *out;
  guint n_memo;
  guint n_left; /* values that may still be made */
} Generator;

static void
put (Generator *self, const char *bytes, gsize length)
{
  g_byte_array_append (self->out, (const guint8 *) bytes, length);
}

static void
put_memo (Generator *self, guint8 opcode, guint8 index)
{
  const guint8 bytes[2] = { opcode, index };

  g_byte_array_append (self->out, bytes, 2);
}

/* Text of more than 64 KiB is not kept in memory. */
static void
put_long_key (Generator *self)
{
  g_autofree char *text = g_strnfill (70000, 'k');
  guint32 length = GUINT32_TO_LE (70000);

  put (self, "X", 1);
  put (self, (const char *) &length, 4);
  put (self, text, 70000);
}

static void
put_key (Generator *self)
{
  guint i = g_rand_int_range (self->random, 0, G_N_ELEMENTS (nasty_keys) + 1);

  if (i < G_N_ELEMENTS (nasty_keys))
    put (self, nasty_keys[i].bytes, nasty_keys[i].length);
  else if (g_rand_int_range (self->random, 0, 20) == 0)
    put_long_key (self);
  else
    put (self, "K\007", 2);
}

static void put_value (Generator *self, guint depth);

static void
put_values (Generator *self, guint depth, gboolean has_keys)
{
  guint n = g_rand_int_range (self->random, 0, 6);

  for (guint i = 0; i < n; i++)
    {
      if (has_keys)
        put_key (self);
      put_value (self, depth + 1);
    }
}

static void
put_dict (Generator *self, guint depth)
{
  put (self, "}", 1);
  if (self->n_memo < 255)
    put_memo (self, CKPT_OP_BINPUT, self->n_memo++);
  put (self, "(", 1);
  put_values (self, depth, TRUE);
  put (self, "u", 1);
}

static void
put_list (Generator *self, guint depth)
{
  put (self, "]", 1);
  if (self->n_memo < 255)
    put_memo (self, CKPT_OP_BINPUT, self->n_memo++);
  put (self, "(", 1);
  put_values (self, depth, FALSE);
  put (self, "e", 1);
}

static void
put_tuple (Generator *self, guint depth)
{
  put (self, "(", 1);
  put_values (self, depth, FALSE);
  put (self, "t", 1);
}

/* A state, as each of the forms that BUILD takes. */
static void
put_state (Generator *self, guint depth)
{
  switch (g_rand_int_range (self->random, 0, 4))
    {
    case 0:
      put_dict (self, depth);
      break;
    case 1: /* of a class with __slots__ */
      put_dict (self, depth);
      put_dict (self, depth);
      put (self, "\x86", 1);
      break;
    case 2:
      put (self, "N", 1);
      put_dict (self, depth);
      put (self, "\x86", 1);
      break;
    default:
      put_value (self, depth + 1);
      break;
    }
  put (self, "b", 1);
}

static void
put_items (Generator *self, guint depth)
{
  if (g_rand_boolean (self->random))
    {
      put (self, "(", 1);
      put_values (self, depth, TRUE);
      put (self, "u", 1);
    }
  if (g_rand_boolean (self->random))
    {
      put (self, "(", 1);
      put_values (self, depth, FALSE);
      put (self, "e", 1);
    }
  if (g_rand_boolean (self->random))
    put_state (self, depth);
}

static void
put_object (Generator *self, guint depth)
{
  switch (g_rand_int_range (self->random, 0, 5))
    {
    case 0:
      put (self, "ccollections\nOrderedDict\n)R", 27);
      break;
    case 1: /* keys from two places */
      put (self, "ccollections\nCounter\n", 21);
      put_dict (self, depth);
      put (self, "\x85R", 2);
      break;
    case 2:
      put (self, "cx\nY\n", 5);
      put_tuple (self, depth);
      put_dict (self, depth);
      put (self, "\x92", 1);
      break;
    case 3:
      put (self, "c__builtin__\nset\n", 17);
      put_list (self, depth);
      put (self, "\x85R", 2);
      break;
    default:
      put (self, "cx\nY\n", 5);
      put_tuple (self, depth);
      put (self, "\x81", 1);
      break;
    }
  put_items (self, depth);
}

static void
put_value (Generator *self, guint depth)
{
  guint choice = g_rand_int_range (self->random, 0, 7);

  if (self->n_left == 0 || depth > 5 || choice == 6)
    {
      put (self, "K\001", 2);
      return;
    }
  self->n_left--;

  if (choice == 5 && self->n_memo > 0) /* shared, or a cycle */
    put_memo (self, CKPT_OP_BINGET, g_rand_int_range (self->random, 0, self->n_memo));
  else if (choice == 0 || choice == 5)
    put_list (self, depth);
  else if (choice == 1)
    put_tuple (self, depth);
  else if (choice == 2)
    put_object (self, depth);
  else
    put_dict (self, depth);
}

static CkptTree *
generate (guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  Generator generator = { random, pickle, 0, 60 };

  put (&generator, "\x80\004", 2);
  put_dict (&generator, 0);
  put (&generator, ".", 1);
  return test_tree_new_for (pickle, CKPT_PERSISTENT_ZIP, CKPT_CONTAINER_TORCH_ZIP);
}

static gboolean
is_same_path (const CkptPath *a, const CkptPath *b)
{
  if (ckpt_path_get_length (a) != ckpt_path_get_length (b))
    return FALSE;

  for (guint i = 0; i < ckpt_path_get_length (a); i++)
    {
      const CkptChild *step_a = ckpt_path_get_step (a, i);
      const CkptChild *step_b = ckpt_path_get_step (b, i);

      if (step_a->kind != step_b->kind || step_a->index != step_b->index || step_a->key != step_b->key ||
          step_a->node != step_b->node)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_path (CkptTree *tree,
            const CkptPath *path,
            guint depth,
            const CkptChild *child,
            gboolean is_repeat,
            gpointer user_data)
{
  guint *n_paths = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = ckpt_path_to_string (path, tree);
  g_autofree char *label = depth > 0 ? ckpt_path_step_to_label (tree, child) : g_strdup ("");
  g_autoptr (CkptPath) found = ckpt_path_resolve (tree, text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_path_get_length (path), ==, depth);
  if (!is_same_path (path, found))
    g_error ("%s leads elsewhere", text);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_utf8_validate (label, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
  (*n_paths)++;
  return TRUE;
}

/* Whatever the keys are, the text of a path leads back to the same value in the same place. */
static void
test_round_trip (void)
{
  guint n_paths = 0;

  for (guint32 seed = 0; seed < 400; seed++)
    {
      g_autoptr (CkptTree) tree = generate (seed);

      ckpt_tree_walk (tree, ckpt_tree_get_root (tree), check_path, &n_paths);
    }
  g_test_message ("%u paths", n_paths);
  g_assert_cmpuint (n_paths, >, 20000);
}

#define SAMPLE                                                                                                                    \
  "} ( 'epoch' 3 'model' @collections:OrderedDict )R ( 'conv1.weight' 1 'conv1.bias' 2 'fc/out' 3 u } '_metadata' } 'a' 1 s s b " \
  "'state' } ( 0 } 'step' 7 s 1 } 'step' 8 s '0' 9 u "                                                                            \
  "'list' ] ( 10 11 } 'x' 12 s e "                                                                                                \
  "'args' @argparse:Namespace ) NEWOBJ } ( 'lr' f0.1 'state' 13 'odd name' 14 u b "                                               \
  "'part' @functools:partial ( @x:f tR ( @x:f ( 15 t } N t b "                                                                    \
  "'ex' @x:Y ( 16 t } 'k' 17 s NEWOBJ_EX "                                                                                        \
  "'sub' @x:L ) NEWOBJ ( 18 19 e "                                                                                                \
  "( 't' 1 t 20 N 21 f1.5 22 @torch:float32 23 '.hidden' 24 '' 25 'conv1.weight' 26 u"

typedef struct
{
  const char *text;
  const char *long_form; /* or the error's message */
  gint64 value;          /* -1: no int */
} PathCase;

static const PathCase path_cases[] = {
  { ".", ".", -1 },
  { "epoch", "[\"epoch\"]", 3 },
  { "[\"epoch\"]", "[\"epoch\"]", 3 },
  { "['epoch']", "[\"epoch\"]", 3 },
  { "[ 'epoch' ]", "[\"epoch\"]", 3 },
  { "['\\x65poch']", "[\"epoch\"]", 3 },
  { "['\\u0065poch']", "[\"epoch\"]", 3 },
  { "model/conv1.weight", "[\"model\"][\"conv1.weight\"]", 1 },
  { "/model/conv1.weight/", "[\"model\"][\"conv1.weight\"]", 1 },
  { "[\"model\"][\"fc/out\"]", "[\"model\"][\"fc/out\"]", 3 },
  { "model/_metadata/a", "[\"model\"]._metadata[\"a\"]", 1 },
  { "[\"model\"]._metadata['a']", "[\"model\"]._metadata[\"a\"]", 1 },
  { "state/0/step", "[\"state\"][0][\"step\"]", 7 },
  { "['state'][0]['step']", "[\"state\"][0][\"step\"]", 7 },
  { "['state']['0']", "[\"state\"][\"0\"]", 9 },
  { "['state'][1]['step']", "[\"state\"][1][\"step\"]", 8 },
  { "['state'][01]['step']", "[\"state\"][1][\"step\"]", 8 },
  { "list/1", "[\"list\"][1]", 11 },
  { "list/2/x", "[\"list\"][2][\"x\"]", 12 },
  { "[\"args\"].lr", "[\"args\"].lr", -1 },
  { "args/lr", "[\"args\"].lr", -1 },
  { "[\"args\"].state[\"state\"]", "[\"args\"].state[\"state\"]", 13 },
  { "[\"args\"].state[\"lr\"]", "[\"args\"].lr", -1 },
  { "[\"args\"].state['odd name']", "[\"args\"].state[\"odd name\"]", 14 },
  { "[\"args\"].state[#2]", "[\"args\"].state[\"odd name\"]", 14 },
  { "args/odd name", "[\"args\"].state[\"odd name\"]", 14 },
  { "[\"part\"].state[1][0]", "[\"part\"].state[1][0]", 15 },
  { "[\"ex\"].args[0]", "[\"ex\"].args[0]", 16 },
  { "[\"ex\"].kwargs[\"k\"]", "[\"ex\"].kwargs[\"k\"]", 17 },
  { "[\"sub\"].items[1]", "[\"sub\"].items[1]", 19 },
  { "sub/1", "[\"sub\"].items[1]", 19 },
  { "[(\"t\", 1)]", "[(\"t\", 1)]", 20 },
  { "[('t',1)]", "[(\"t\", 1)]", 20 },
  { "[('t',1,)]", "[(\"t\", 1)]", 20 },
  { "[None]", "[None]", 21 },
  { "[1.5]", "[1.5]", 22 },
  { "[15e-1]", "[1.5]", 22 },
  { "[torch.float32]", "[torch.float32]", 23 },
  { ".hidden", "[\".hidden\"]", 24 },
  { "[\"\"]", "[\"\"]", 25 },
  { "conv1.weight", "[\"conv1.weight\"]", 26 },
  { "[#0]", "[\"epoch\"]", 3 },
};

static void
test_resolve (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (SAMPLE, CKPT_PERSISTENT_ZIP);

  for (gsize i = 0; i < G_N_ELEMENTS (path_cases); i++)
    {
      const PathCase *row = &path_cases[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (CkptPath) path = ckpt_path_resolve (tree, row->text, &error);
      g_autofree char *text = NULL;
      gint64 value = -1;

      g_assert_no_error (error);
      text = ckpt_path_to_string (path, tree);
      g_assert_cmpstr (text, ==, row->long_form);
      ckpt_tree_get_int (tree, ckpt_path_get_node (path, tree), &value);
      g_assert_cmpint (value, ==, row->value);
    }
}

static const PathCase bad_paths[] = {
  { "epohc", "The checkpoint has no “epohc”. It has “epoch”.", 0 },
  { "model/conv1.wieght", "[\"model\"] has no “conv1.wieght”. It has “conv1.weight”.", 0 },
  { "model/conv", "[\"model\"] has no “conv”. It has “conv1.weight”, “conv1.bias”.", 0 },
  { "[\"model\"][\"xyzzy\"]", "[\"model\"] (OrderedDict of 3) has no “xyzzy”.", 0 },
  { "epoch/x", "[\"epoch\"] is 3, with nothing inside: there is no “x”.", 0 },
  { "list/3", "[\"list\"] (list of 3) has no “3”.", 0 },
  { "[\"list\"][-1]", "[\"list\"] has no “-1”. It has “1”.", 0 },
  { "[\"args\"].nothing", "[\"args\"] (Namespace) has no “nothing”.", 0 },
  { "[\"args\"].state", "[\"args\"] has no “state”. It has “.state”.", 0 },
  { "[\"args\"].state[#9]", "[\"args\"] (Namespace) has no “#9”.", 0 },
  { "['a\\xff']", "The checkpoint (dict of 15) has no “a\\xff”.", 0 },
};

static const char *const unreadable_paths[] = {
  "[",
  "[]",
  "[\"epoch\"",
  "[\"epoch]",
  "['\\x6']",
  "['\\u12']",
  "['\\U00110000']",
  "['\\q']",
  "[\"epoch\"]x",
  "[\"epoch\"].",
  "[(1]",
  "[(1 2)]",
  "[(1)]",
  "[#]",
  "[#x]",
  "[\"ex\"].args",
  "[\"ex\"].args[0",
  "[-]",
  "[\"epoch\" \"x\"]",
  "[((((((((((((((((((1,),),),),),),),),),),),),),),),),),)]",
};

static void
test_no_such_path (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (SAMPLE, CKPT_PERSISTENT_ZIP);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ckpt_path_resolve (tree, bad_paths[i].text, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_NO_SUCH_PATH);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-such-path");
      g_assert_cmpstr (error->message, ==, bad_paths[i].long_form);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (unreadable_paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ckpt_path_resolve (tree, unreadable_paths[i], &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_NO_SUCH_PATH);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "path-syntax");
    }
}

static char *
match (CkptTree *tree, const char *pattern)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) paths = ckpt_tree_match (tree, pattern, &error);
  GString *out = g_string_new (NULL);

  if (paths == NULL)
    g_string_append (out, ckpt_error_get_code (error));
  else
    g_assert_no_error (error);

  for (guint i = 0; paths != NULL && i < paths->len; i++)
    {
      g_autofree char *text = ckpt_path_to_string (paths->pdata[i], tree);

      g_string_append_printf (out, "%s%s", i > 0 ? " " : "", text);
    }
  return g_string_free_and_steal (out);
}

static void
test_match (void)
{
  static const struct
  {
    const char *pattern;
    const char *paths;
  } cases[] = {
    { "epoch", "[\"epoch\"]" },
    { "[\"model\"][\"conv1.bias\"]", "[\"model\"][\"conv1.bias\"]" },
    { "model/conv1.*", "[\"model\"][\"conv1.weight\"] [\"model\"][\"conv1.bias\"]" },
    { "*/conv1.weight", "[\"model\"][\"conv1.weight\"]" },
    { "**/conv1.weight", "[\"model\"][\"conv1.weight\"] [\"conv1.weight\"]" },
    { "**/step", "[\"state\"][0][\"step\"] [\"state\"][1][\"step\"]" },
    { "state/*/step", "[\"state\"][0][\"step\"] [\"state\"][1][\"step\"]" },
    { "state/?/step", "[\"state\"][0][\"step\"] [\"state\"][1][\"step\"]" },
    { "state/[1-9]/step", "[\"state\"][1][\"step\"]" },
    { "state/0", "[\"state\"][0]" },
    { "stat[e]/0", "[\"state\"][0]" },
    { "state/*", "[\"state\"][0] [\"state\"][1] [\"state\"][\"0\"]" },
    { "model/**",
      "[\"model\"][\"conv1.weight\"] [\"model\"][\"conv1.bias\"] [\"model\"][\"fc/out\"] [\"model\"]._metadata [\"model\"]._metadata[\"a\"]" },
    { "m*/fc*", "[\"model\"][\"fc/out\"]" },
    { "**/**/a", "[\"model\"]._metadata[\"a\"]" },
    { "list/*/x", "[\"list\"][2][\"x\"]" },
    { "sub/*", "[\"sub\"].items[0] [\"sub\"].items[1]" },
    { "args/*r", "[\"args\"].lr" },
    { "[ae]poch", "[\"epoch\"]" },
    { "x*", "no-such-path" },
    { "epoch/*", "no-such-path" },
    { "nothing", "no-such-path" },
    { "[\"epoch\"", "path-syntax" },
  };
  g_autoptr (CkptTree) tree = test_tree_new (SAMPLE, CKPT_PERSISTENT_ZIP);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *paths = match (tree, cases[i].pattern);

      g_assert_cmpstr (paths, ==, cases[i].paths);
    }
}

/* 60 levels, each holding the one below ten times: what is shared is gone into once. */
static void
test_shared (void)
{
  g_autoptr (GString) words = g_string_new ("] ");
  g_autoptr (CkptTree) tree = NULL;
  g_autofree char *paths = NULL;
  guint n_paths = 0;

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (words, "p%u ] ( g%u g%u g%u g%u g%u g%u g%u g%u g%u g%u e ", i, i, i, i, i, i, i,
                            i, i, i, i);
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), check_path, &n_paths);
  g_assert_cmpuint (n_paths, ==, 601);
  paths = match (tree, "**/nothing");
  g_assert_cmpstr (paths, ==, "no-such-path");
}

static gboolean
count_repeats (CkptTree *tree,
               const CkptPath *path,
               guint depth,
               const CkptChild *child,
               gboolean is_repeat,
               gpointer user_data)
{
  guint *n = user_data;

  *n += is_repeat;
  return TRUE;
}

/* A tensor in two places is a repeat, a number is none. */
static void
test_repeats (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' " TEST_TENSOR ("0") "p9 'b' g9 'c' 1 'd' 1 'e' N 'f' N 'g' ) 'h' ) 'i' 'x' p8 'j' g8 u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) cycle = test_tree_new ("} p1 ( 'a' g1 'b' ] p2 g2 a u", CKPT_PERSISTENT_ZIP);
  guint n = 0;

  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), count_repeats, &n);
  g_assert_cmpuint (n, ==, 1);
  ckpt_tree_walk (cycle, ckpt_tree_get_root (cycle), count_repeats, &n);
  g_assert_cmpuint (n, ==, 3);
}

static void
test_labels (void)
{
  static const char *const labels[] = { "epoch",   "model", "state",       "list", "args", "part",
                                        "ex",      "sub",   "(\"t\", 1)",  "None", "1.5",  "torch.float32",
                                        ".hidden", "",      "conv1.weight" };
  g_autoptr (CkptTree) tree = test_tree_new (SAMPLE, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptPath) path = ckpt_path_resolve (tree, "[\"args\"].lr", NULL);
  g_autofree char *attribute = ckpt_path_step_to_label (tree, ckpt_path_get_step (path, 1));

  g_assert_cmpstr (attribute, ==, ".lr");
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *label = NULL;
      CkptChild child;

      ckpt_tree_get_child (tree, ckpt_tree_get_root (tree), i, &child);
      label = ckpt_path_step_to_label (tree, &child);
      g_assert_cmpstr (label, ==, labels[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/path/round-trip", test_round_trip);
  g_test_add_func ("/path/resolve", test_resolve);
  g_test_add_func ("/path/no-such-path", test_no_such_path);
  g_test_add_func ("/path/match", test_match);
  g_test_add_func ("/path/shared", test_shared);
  g_test_add_func ("/path/repeats", test_repeats);
  g_test_add_func ("/path/labels", test_labels);
  return g_test_run ();
}
