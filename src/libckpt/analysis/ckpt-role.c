/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-role.h"

#include <string.h>

/* The dicts in which torch.nn.Module keeps what it is made of; its state_dict() leaves them out. */
static const char *const module_dicts[] = { "_modules", "_parameters", "_buffers" };

/* Where in a name a word has to be. Names are compared in lower case. */
typedef enum
{
  IN_LEAF,   /* anywhere in the last part */
  IS_LEAF,   /* the last part itself */
  IN_MODULE, /* anywhere before the last part */
  ANYWHERE,
  IS_END, /* the last parts */
} Where;

typedef struct
{
  const char *word;
  Where where;
  CkptRoleFlags flags;
} Rule;

/* Names that PyTorch's own modules, torchvision, timm, transformers and what follows them give. */
static const Rule rules[] = {
  { "weight", IN_LEAF, CKPT_ROLE_WEIGHT },
  { "kernel", IS_LEAF, CKPT_ROLE_WEIGHT },
  { "w", IS_LEAF, CKPT_ROLE_WEIGHT },
  { "bias", IN_LEAF, CKPT_ROLE_BIAS },
  { "beta", IS_LEAF, CKPT_ROLE_BIAS },
  { "b", IS_LEAF, CKPT_ROLE_BIAS },
  { "emb", IN_MODULE, CKPT_ROLE_EMBEDDING },
  { "emb", IN_LEAF, CKPT_ROLE_EMBEDDING },
  { "wte", IN_MODULE, CKPT_ROLE_EMBEDDING },
  { "vocab", IN_MODULE, CKPT_ROLE_EMBEDDING },
  { "shared", IN_MODULE, CKPT_ROLE_EMBEDDING },
  { "lm_head", IN_MODULE, CKPT_ROLE_EMBEDDING },
  { "norm", ANYWHERE, CKPT_ROLE_NORM },
  { "ln", IN_MODULE, CKPT_ROLE_NORM },
  { "bn", IN_MODULE, CKPT_ROLE_NORM },
  { "gamma", IN_LEAF, CKPT_ROLE_NORM },
  { "running_", IN_LEAF, CKPT_ROLE_BUFFER },
  { "num_", IN_LEAF, CKPT_ROLE_BUFFER },
  { "position_id", IN_LEAF, CKPT_ROLE_BUFFER },
  { "inv_freq", IN_LEAF, CKPT_ROLE_BUFFER },
  { "freqs", IN_LEAF, CKPT_ROLE_BUFFER },
  { "cached", IN_LEAF, CKPT_ROLE_BUFFER },
  { "index", IN_LEAF, CKPT_ROLE_BUFFER },
  { "amax", IN_LEAF, CKPT_ROLE_BUFFER },
  { "scale", IN_LEAF, CKPT_ROLE_BUFFER },
  { "zero_point", IN_LEAF, CKPT_ROLE_BUFFER },
  { "zeros", IN_LEAF, CKPT_ROLE_BUFFER },
  { "counter", IN_LEAF, CKPT_ROLE_BUFFER },
  { "step", IN_LEAF, CKPT_ROLE_BUFFER },
  { "eps", IS_LEAF, CKPT_ROLE_BUFFER },
  { "mean", IS_LEAF, CKPT_ROLE_BUFFER },
  { "std", IS_LEAF, CKPT_ROLE_BUFFER },
  { "shift", IS_LEAF, CKPT_ROLE_BUFFER },
  { "pe", IS_LEAF, CKPT_ROLE_BUFFER },
  { "sin", IS_LEAF, CKPT_ROLE_BUFFER },
  { "cos", IS_LEAF, CKPT_ROLE_BUFFER },
  { "weight_u", IS_LEAF, CKPT_ROLE_BUFFER },
  { "weight_v", IS_LEAF, CKPT_ROLE_BUFFER },
  { "observer", ANYWHERE, CKPT_ROLE_BUFFER },
  { "fake_quant", ANYWHERE, CKPT_ROLE_BUFFER },
  { "post_process", ANYWHERE, CKPT_ROLE_BUFFER },
  { "mask", IN_LEAF, CKPT_ROLE_BUFFER | CKPT_ROLE_MASK },
  { "causal", IN_LEAF, CKPT_ROLE_BUFFER | CKPT_ROLE_MASK },
  { "tril", IN_LEAF, CKPT_ROLE_BUFFER | CKPT_ROLE_MASK },
  { "min_val", IN_LEAF, CKPT_ROLE_BUFFER | CKPT_ROLE_OBSERVER },
  { "max_val", IN_LEAF, CKPT_ROLE_BUFFER | CKPT_ROLE_OBSERVER },
  { "best", IN_LEAF, CKPT_ROLE_BUFFER | CKPT_ROLE_OBSERVER },
  { "lora_b", ANYWHERE, CKPT_ROLE_ZERO_INIT },
  { "lora_up", ANYWHERE, CKPT_ROLE_ZERO_INIT },
  { "lora_embedding_a", ANYWHERE, CKPT_ROLE_ZERO_INIT },
  { "zero_conv", IN_MODULE, CKPT_ROLE_ZERO_INIT },
  { "zero_proj", IN_MODULE, CKPT_ROLE_ZERO_INIT },
  { "zero_module", IN_MODULE, CKPT_ROLE_ZERO_INIT },
  { "adaln", ANYWHERE, CKPT_ROLE_ZERO_INIT },
  { "ada_ln", ANYWHERE, CKPT_ROLE_ZERO_INIT },
  { "final_layer.linear.weight", IS_END, CKPT_ROLE_ZERO_INIT },
  { "proj_out.weight", IS_END, CKPT_ROLE_ZERO_INIT },
  { "heads.head.weight", IS_END, CKPT_ROLE_ZERO_INIT },
  { "pos_emb", ANYWHERE, CKPT_ROLE_ZERO_INIT },
  { "position", IN_LEAF, CKPT_ROLE_ZERO_INIT },
  { "token", IN_LEAF, CKPT_ROLE_ZERO_INIT },
  { "query", IS_LEAF, CKPT_ROLE_ZERO_INIT },
  { "prompt", IN_LEAF, CKPT_ROLE_ZERO_INIT },
  { "hidden", IN_LEAF, CKPT_ROLE_ZERO_INIT },
  { "state", IN_LEAF, CKPT_ROLE_ZERO_INIT },
  { "memory", IN_LEAF, CKPT_ROLE_ZERO_INIT },
  { "h0", IS_LEAF, CKPT_ROLE_ZERO_INIT },
  { "c0", IS_LEAF, CKPT_ROLE_ZERO_INIT },
  { "exp_avg", IN_LEAF, CKPT_ROLE_OPTIMIZER },
  { "momentum_buffer", IN_LEAF, CKPT_ROLE_OPTIMIZER },
  { "square_avg", IN_LEAF, CKPT_ROLE_OPTIMIZER },
  { "grad", IN_LEAF, CKPT_ROLE_OPTIMIZER },
};

static gboolean
is_number (const char *part, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (part[i]))
      return FALSE;
  return length > 0;
}

static gboolean
applies (const Rule *rule, const char *name, const char *leaf)
{
  const char *at;

  switch (rule->where)
    {
    case IN_LEAF:
      return strstr (leaf, rule->word) != NULL;
    case IS_LEAF:
      return strcmp (leaf, rule->word) == 0;
    case IN_MODULE:
      at = strstr (name, rule->word);
      return at != NULL && at < leaf;
    case ANYWHERE:
      return strstr (name, rule->word) != NULL;
    case IS_END:
    default:
      return g_str_has_suffix (name, rule->word);
    }
}

static void
append_step (GString *name, CkptTree *tree, const CkptChild *step)
{
  gsize length;
  const char *text = NULL;

  if (step->key != CKPT_NO_NODE && ckpt_tree_get_kind (tree, step->key) == CKPT_KIND_STRING)
    text = ckpt_tree_peek_text (tree, step->key, &length, NULL);
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (module_dicts); i++)
    if (strcmp (text, module_dicts[i]) == 0)
      return;

  if (name->len > 0)
    g_string_append_c (name, '.');
  if (text != NULL)
    g_string_append_len (name, text, length);
  else
    g_string_append_printf (name, "%u", step->index);
}

/* An optimizer's state dict has "state" beside "param_groups". */
static gboolean
is_optimizer_step (CkptTree *tree, CkptNodeId parent, const CkptChild *step)
{
  gsize length;

  if (step->kind != CKPT_STEP_KEY || ckpt_tree_get_kind (tree, step->key) != CKPT_KIND_STRING)
    return FALSE;
  return strcmp (ckpt_tree_peek_text (tree, step->key, &length, NULL), "state") == 0 &&
         ckpt_tree_get_key (tree, parent, "param_groups") != CKPT_NO_NODE;
}

static char *
make_pattern (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", -1);
  gboolean has_number = FALSE;

  for (guint i = 0; parts[i] != NULL; i++)
    if (is_number (parts[i], strlen (parts[i])))
      {
        has_number = TRUE;
        g_free (parts[i]);
        parts[i] = g_strdup ("*");
      }
  return has_number ? g_strjoinv (".", parts) : NULL;
}

static CkptRoleFlags
find_flags (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *dot = strrchr (lower, '.');
  const char *leaf = dot != NULL ? dot + 1 : lower;
  CkptRoleFlags flags = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (applies (&rules[i], lower, leaf))
      flags |= rules[i].flags;
  return flags;
}

/**
 * ckpt_role_init:
 * @self: (out): what it is for; to be cleared
 * @tree: a tree
 * @path: the way from its root to a tensor
 */
void
ckpt_role_init (CkptRole *self, CkptTree *tree, const CkptPath *path)
{
  GString *name = g_string_new (NULL);
  CkptNodeId parent = ckpt_tree_get_root (tree);
  const char *dot;

  self->flags = 0;
  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    {
      const CkptChild *step = ckpt_path_get_step (path, i);

      append_step (name, tree, step);
      if (is_optimizer_step (tree, parent, step))
        self->flags |= CKPT_ROLE_OPTIMIZER;
      parent = step->node;
    }
  self->name = g_string_free_and_steal (name);
  dot = strrchr (self->name, '.');
  self->module_len = dot != NULL ? (gsize) (dot - self->name) : 0;
  self->pattern = make_pattern (self->name);
  self->flags |= find_flags (self->name);
}

/**
 * ckpt_role_clear:
 * @self: a role
 */
void
ckpt_role_clear (CkptRole *self)
{
  g_free (self->name);
  g_free (self->pattern);
}
