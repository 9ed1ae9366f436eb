/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-search-terms.h"

#include <glib/gi18n.h>
#include <string.h>

#define TERM_KEY    "stateroom-term"
#define MAX_DEVICES 16u /* of a file that are offered */

/* What each term is for. The text is also what choosing it puts into the entry. */
static const struct
{
  const char *text;
  const char *meaning;
} examples[] = {
  { "dtype:float16", N_ ("Type of the elements; int, float8* …") },
  { "shape:768x*", N_ ("Shape; * is any dimension") },
  { "dims:2", N_ ("Number of dimensions") },
  { "device:cuda:1", N_ ("Device; cuda is any of them") },
  { "size:>10MB", N_ ("Size in bytes; 1MB..2MB") },
  { "values:>1M", N_ ("Number of elements") },
  { "type:dict", N_ ("Type or class of any value") },
  { "-dtype:float32", N_ ("Anything but that") },
};

struct _StateroomSearchTerms
{
  GtkPopover parent_instance;

  GtkListBox *list;

  CkptTree *tree;
  GPtrArray *terms; /* of the file: "dtype:float32"; NULL until they are needed */
};

G_DEFINE_FINAL_TYPE (StateroomSearchTerms, stateroom_search_terms, GTK_TYPE_POPOVER)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add_dtypes (StateroomSearchTerms *self, guint64 dtypes)
{
  for (guint i = CKPT_DTYPE_UNKNOWN + 1; i < CKPT_N_DTYPES; i++)
    if (dtypes >> i & 1)
      g_ptr_array_add (self->terms, g_strconcat ("dtype:", ckpt_dtype_get_name (i), NULL));
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A device that can be typed; a file may call one anything. */
static gboolean
is_plain (const char *device)
{
  gsize length = strlen (device);

  return length > 0 && length < 40 &&
         strspn (device, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:") == length;
}

static void
add_devices (StateroomSearchTerms *self, GHashTable *devices)
{
  g_autofree const char **names = (const char **) g_hash_table_get_keys_as_array (devices, NULL);
  guint n = g_hash_table_size (devices);

  g_sort_array (names, n, sizeof *names, compare_names, NULL);
  for (guint i = 0; i < MIN (n, MAX_DEVICES); i++)
    g_ptr_array_add (self->terms, g_strconcat ("device:", names[i], NULL));
}

/* Finds out what there is in the file. */
static GPtrArray *
get_terms (StateroomSearchTerms *self)
{
  g_autoptr (GHashTable) devices = NULL;
  guint n = self->tree != NULL ? ckpt_tree_get_n_tensors (self->tree) : 0;
  guint64 dtypes = 0;

  if (self->terms != NULL)
    return self->terms;
  self->terms = g_ptr_array_new_with_free_func (g_free);
  devices = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (self->tree, i);

      if (!ckpt_tree_has_tensor (self->tree, i))
        continue;
      dtypes |= (guint64) 1 << tensor->dtype;
      if (tensor->device != NULL && is_plain (tensor->device))
        g_hash_table_add (devices, (char *) tensor->device);
    }
  add_dtypes (self, dtypes);
  add_devices (self, devices);
  return self->terms;
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_row (StateroomSearchTerms *self, const char *text, const char *meaning)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_box_append (GTK_BOX (box), new_label (text, "monospace"));
  if (meaning != NULL)
    {
      GtkWidget *label = new_label (meaning, "caption");

      gtk_widget_add_css_class (label, "dimmed");
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), TERM_KEY, g_strdup (text), g_free);
  gtk_list_box_append (self->list, row);
}

static void
add_heading (StateroomSearchTerms *self, const char *text)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), new_label (text, "caption-heading"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->list, row);
}

/**
 * stateroom_search_terms_update:
 *
 * Lists what is in the file now. Showing the list does so, too.
 */
void
stateroom_search_terms_update (StateroomSearchTerms *self)
{
  GPtrArray *terms;

  g_return_if_fail (STATEROOM_IS_SEARCH_TERMS (self));

  terms = get_terms (self);
  gtk_list_box_remove_all (self->list);
  if (terms->len > 0)
    add_heading (self, _ ("In This File"));
  for (guint i = 0; i < terms->len; i++)
    add_row (self, g_ptr_array_index (terms, i), NULL);
  add_heading (self, _ ("Terms"));
  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    add_row (self, examples[i].text, _ (examples[i].meaning));
}

static void
stateroom_search_terms_show (GtkWidget *widget)
{
  stateroom_search_terms_update (STATEROOM_SEARCH_TERMS (widget));

  GTK_WIDGET_CLASS (stateroom_search_terms_parent_class)->show (widget);
}

/* What is in the file is meant as it is; an example is to be changed. */
static void
on_row_activated (StateroomSearchTerms *self, GtkListBoxRow *row)
{
  const char *text = g_object_get_data (G_OBJECT (row), TERM_KEY);
  gboolean is_example = gtk_list_box_row_get_index (row) > (int) get_terms (self)->len;

  if (text == NULL)
    return;
  g_signal_emit (self, signals[CHOSEN], 0, text, is_example);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static gboolean
has_prefix (const char *text, const char *prefix, gsize length)
{
  return strlen (text) > length && g_ascii_strncasecmp (text, prefix, length) == 0;
}

/* Cuts @common to what @text begins with, too. */
static void
add_candidate (GString *common, const char *text, gsize n_text)
{
  gsize n = 0;

  if (common->len == 0)
    {
      g_string_append_len (common, text, (gssize) n_text);
      return;
    }
  while (n < common->len && n < n_text && common->str[n] == text[n])
    n++;
  g_string_truncate (common, n);
}

/**
 * stateroom_search_terms_complete:
 * @word: what was typed of a term: "dty", "dtype:fl"
 *
 * Returns: (transfer full) (nullable): as much more of it as is certain: "dtype:", "dtype:float32"; or %NULL
 */
char *
stateroom_search_terms_complete (StateroomSearchTerms *self, const char *word)
{
  g_autoptr (GString) common = g_string_new (NULL);
  const char *begin = word[0] == '-' ? word + 1 : word;
  gsize length = strlen (begin);
  gboolean has_value = strchr (word, ':') != NULL;

  g_return_val_if_fail (STATEROOM_IS_SEARCH_TERMS (self), NULL);

  for (guint i = 0; has_value && i < get_terms (self)->len; i++)
    {
      const char *term = g_ptr_array_index (self->terms, i);

      if (has_prefix (term, begin, length))
        add_candidate (common, term, strlen (term));
    }
  for (gsize i = 0; !has_value && length > 1 && i < G_N_ELEMENTS (examples); i++)
    if (has_prefix (examples[i].text, begin, length))
      add_candidate (common, examples[i].text, strcspn (examples[i].text, ":") + 1);
  if (common->len <= length)
    return NULL;
  if (begin != word)
    g_string_prepend_c (common, '-');
  return g_strdup (common->str);
}

/**
 * stateroom_search_terms_set_tree:
 * @tree: (nullable): the file whose dtypes and devices are offered
 */
void
stateroom_search_terms_set_tree (StateroomSearchTerms *self, CkptTree *tree)
{
  g_return_if_fail (STATEROOM_IS_SEARCH_TERMS (self));

  g_clear_pointer (&self->terms, g_ptr_array_unref);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  self->tree = tree != NULL ? ckpt_tree_ref (tree) : NULL;
}

static void
stateroom_search_terms_dispose (GObject *object)
{
  StateroomSearchTerms *self = STATEROOM_SEARCH_TERMS (object);

  stateroom_search_terms_set_tree (self, NULL);

  G_OBJECT_CLASS (stateroom_search_terms_parent_class)->dispose (object);
}

static void
stateroom_search_terms_class_init (StateroomSearchTermsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_search_terms_dispose;
  widget_class->show = stateroom_search_terms_show;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-search-terms.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomSearchTerms, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
stateroom_search_terms_init (StateroomSearchTerms *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
